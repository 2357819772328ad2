"""The books as a delivery wants them: rows of one area under the standard's names, and what they sum up to."""
