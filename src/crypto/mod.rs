//! Bytes in, bytes out. Nothing here knows what a card is, so published vectors alone can hold it down.
