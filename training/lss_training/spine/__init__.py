"""Vertebrae, discs, canal and sacrum on sagittal MR."""
