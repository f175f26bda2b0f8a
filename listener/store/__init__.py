"""What is kept: all the SQL there is, one file for each kind of row."""
