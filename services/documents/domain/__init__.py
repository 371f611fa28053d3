"""Rules about files. Standard library only: measured numbers come in, findings go out."""
