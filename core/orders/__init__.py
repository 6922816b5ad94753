"""An order of pictures, from its record to what its person sees; `core.imagine` takes it."""
