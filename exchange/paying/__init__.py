"""Payment through the payment platform: asked for, asked after, confirmed, its receipt kept."""
