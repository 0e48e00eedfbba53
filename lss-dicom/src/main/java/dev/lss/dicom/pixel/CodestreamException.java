package dev.lss.dicom.pixel;

/** A codestream is damaged or of a kind that is not read; the text follows a colon. */
final class CodestreamException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CodestreamException(String what) {
    super(what);
  }

  CodestreamException(String what, Throwable cause) {
    super(what, cause);
  }

  /** Refuses a codestream of another size than the attributes say. */
  static void requireSize(PixelFormat format, int rows, int columns, int samples) {
    if (rows != format.rows() || columns != format.columns() || samples != format.samples()) {
      throw new CodestreamException(
          "the codestream is %s x %s with %s samples, the attributes say %s x %s with %s"
              .formatted(
                  columns, rows, samples, format.columns(), format.rows(), format.samples()));
    }
  }
}
