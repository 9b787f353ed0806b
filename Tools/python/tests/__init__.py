import logging

# In its debug mode asyncio tells of every step that takes 0.1 s.
logging.getLogger("asyncio").setLevel(logging.ERROR)
