"""Facts with source, date, unit and grade; input files read with the place of every value."""

from tula.evidence.facts import Evidence, EvidenceFile, Fact, load_evidence
from tula.file.document import Document, parse_document, read_document
from tula.file.problems import InvalidFileError, Place, Problem, errors_in, listed
from tula.file.translate import validate
from tula.numbers.record import Record

__all__ = [
    "Document",
    "Evidence",
    "EvidenceFile",
    "Fact",
    "InvalidFileError",
    "Place",
    "Problem",
    "Record",
    "errors_in",
    "listed",
    "load_evidence",
    "parse_document",
    "read_document",
    "validate",
]
