"""The client: its core with fake time, its shell against a scripted server, its command line by pipe."""
