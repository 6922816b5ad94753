"""The model's side: chat, pictures, and a simulated stand-in for both. Only this package speaks HTTP."""
