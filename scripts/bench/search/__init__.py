"""The search of `subtools search` on a library of 1,000 hours that is made up for it."""
