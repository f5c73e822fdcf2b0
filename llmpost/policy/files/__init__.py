"""Policy files as trees of plain data in which every key and value knows where it was written.

Reading, what a file says of other files, and laying one policy over another happen here, before anybody asks what a key
means. Shape is checked by whoever reads the keys (`policy.policy`).
"""
