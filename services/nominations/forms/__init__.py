"""The official forms on paper: one description of each, drawn as PDF and as DOCX."""
