"""The model's side: chat, pictures, and a simulated stand-in for both. Nothing else in core speaks HTTP."""
