package dev.lss.core.nnunet;

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

  /** Bytes, only as the payload of a NumPy scalar. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Bytes(byte[] bytes) implements PickleValue {}

  /** A NumPy dtype such as {@code f8}. */
  record Dtype(String name) implements PickleValue {}

  /** A class or function that is on the list; it is never called. */
  record Global(Callable callable) implements PickleValue {}
}
