"""zhengpu 政谱: a knowledge graph of what Chinese local-government reports say."""
