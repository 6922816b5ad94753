"""What people attach: fetched, told by its content, read or handed on."""
