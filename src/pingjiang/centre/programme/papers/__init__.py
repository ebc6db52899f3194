"""What the programme prints: the call, the application, the letters of the formal check. Chinese, as papers are."""
