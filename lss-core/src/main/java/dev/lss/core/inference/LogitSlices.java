package dev.lss.core.inference;

import dev.lss.api.image.Extents;

/** Logits of an image that can be read slice by slice along k, one array per class. */
public interface LogitSlices {

  /** Returns the extents of the whole image. */
  Extents extents();

  /** Returns the number of classes. */
  int classes();

  /** Returns the array that holds the slices of one class; it must not be written to. */
  float[] samples(int label);

  /** Returns where slice {@code k} starts in that array: {@code i} runs fastest, then {@code j}. */
  int offset(int k);
}
