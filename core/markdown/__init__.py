"""Markdown to blocks, and blocks to pieces that fit a page; `core.pages` puts it together."""
