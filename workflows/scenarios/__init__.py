"""The language of scenarios: which words a file may say and what they hold. Who plays them reads it, and so do check and editors."""
