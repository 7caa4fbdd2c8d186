//! Judges any server over HTTP. Imports no type of the server, or one misspelt field would pass on both sides.
