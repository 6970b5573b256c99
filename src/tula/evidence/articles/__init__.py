"""Figures in plain-text articles: found by rules, drafted as a ledger, held against one."""

from tula.evidence.articles.draft import draft
from tula.evidence.articles.figures import Figure, figures
from tula.evidence.articles.hold import Held, hold
from tula.evidence.articles.read import Article, UnreadableArticleError, read_articles

__all__ = [
    "Article",
    "Figure",
    "Held",
    "UnreadableArticleError",
    "draft",
    "figures",
    "hold",
    "read_articles",
]
