"""Recording: what becomes of requests and checks, told to whoever keeps records. Where those go is the traces' business."""
