"""The answer: can the pivot go on dealing with both rivals without being ruled by either?"""
