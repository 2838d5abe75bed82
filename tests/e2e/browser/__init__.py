"""The web app in a real browser, on the deployed stack: what a person sees and does."""
