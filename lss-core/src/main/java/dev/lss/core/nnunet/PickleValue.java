package dev.lss.core.nnunet;

import java.util.List;

/** Values of a pickle that have no counterpart in Java. */
sealed interface PickleValue {

  /** Python's None. */
  record None() implements PickleValue {
    static final None NONE = new None();
  }

  /** The mark under the items of a list, dict or tuple that is being built. */
  record Mark() implements PickleValue {
    static final Mark MARK = new Mark();
  }

  /** Bytes, as the text of which they are the latin1 form; the text is not copied. */
  record Latin(String text) implements PickleValue {}

  /** A NumPy array, of which nothing is kept. */
  record NumpyArray() implements PickleValue {}

  /** A path of Python's pathlib, by its parts. */
  record PathParts(List<?> parts) implements PickleValue {}

  /** A NumPy dtype such as {@code f8}. */
  record Dtype(String name) implements PickleValue {}

  /** A class or function that is on the list; it is never called. */
  record Global(Callable callable) implements PickleValue {}
}
