package dev.lss.dicom.pixel;

import dev.lss.dicom.pixel.JpegDecoder.Component;
import java.util.List;

/**
 * Decodes a scan of lossless JPEG: each sample is predicted by its neighbours (ITU T.81 annex H).
 */
final class JpegLossless {

  private JpegLossless() {}

  /**
   * Decodes the samples of a scan.
   *
   * @param parameters predictor 1 to 7, point transform, precision
   */
  static void decode(
      List<Component> components,
      List<JpegHuffman> tables,
      JpegBits bits,
      int restartInterval,
      int[] parameters) {
    int predictor = parameters[0];
    int transform = parameters[1];
    int precision = parameters[2];
    if (predictor < 1 || predictor > 7 || transform >= precision) {
      throw new CodestreamException("the JPEG has the predictor %s".formatted(predictor));
    }
    int columns = components.get(0).stride;
    int rows = components.get(0).lines;
    int middle = 1 << (precision - transform - 1);
    int untilRestart = restartInterval;
    int firstRow = 0; // rows begin anew behind a restart
    int firstColumn = 0;
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        if (restartInterval > 0 && untilRestart == 0) {
          bits.restart();
          untilRestart = restartInterval;
          firstRow = y;
          firstColumn = x;
        }
        untilRestart--;
        for (int n = 0; n < components.size(); n++) {
          int[] samples = components.get(n).samples;
          int at = y * columns + x;
          int predicted;
          if (y == firstRow && x == firstColumn) {
            predicted = middle;
          } else if (y == firstRow) {
            predicted = samples[at - 1];
          } else if (x == 0) {
            predicted = samples[at - columns];
          } else {
            predicted =
                predict(
                    predictor, samples[at - 1], samples[at - columns], samples[at - columns - 1]);
          }
          int size = tables.get(n).symbol(bits);
          if (size > 16) {
            throw new CodestreamException("a difference of the JPEG is too large");
          }
          int difference = size == 16 ? 32768 : JpegHuffman.extend(bits, size);
          samples[at] = (predicted + difference) & 0xffff;
        }
      }
    }
    for (Component component : components) {
      for (int n = 0; n < component.samples.length && transform > 0; n++) {
        component.samples[n] <<= transform;
      }
    }
  }

  private static int predict(int predictor, int left, int above, int corner) {
    return switch (predictor) {
      case 1 -> left;
      case 2 -> above;
      case 3 -> corner;
      case 4 -> left + above - corner;
      case 5 -> left + ((above - corner) >> 1);
      case 6 -> above + ((left - corner) >> 1);
      default -> (left + above) >> 1;
    };
  }
}
