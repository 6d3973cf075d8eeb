"""The chase against somebody who works it out anew, day by day, from the table of the process."""
