"""The situation as map layers: arrays, symbols, folium pages and tile packs; no Qt.

What stands here is what a map shows; how it is painted is the business of `views/map`, and of a browser for the pages.
"""
