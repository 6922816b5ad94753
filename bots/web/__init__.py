"""The web page: a chat in the browser over the same core as every other chat."""
