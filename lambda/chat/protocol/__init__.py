"""The wire protocol: frames in, frames out, limits and errors. Pure: no I/O, no clock, no chance."""
