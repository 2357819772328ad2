"""Reading and writing the books: every function takes an open session and leaves the transaction to its caller."""
