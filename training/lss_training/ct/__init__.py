"""The task `ct-vertebrae`: shapes and made-up CTs, the coarse and the fine network, the decoder of heat maps."""
