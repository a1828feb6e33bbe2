"""Qt, and nothing that decides: pages, the live map, video tiles, the PDF printer process."""
