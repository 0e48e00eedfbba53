package dev.lss.examples.cli;

import dev.lss.api.ProgressListener;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how much of the whole work is done, as one bar on the standard error stream with the
 * running stage behind it. Not thread-safe; heard from one thread at a time.
 */
final class TerminalProgress implements ProgressListener, AutoCloseable {

  private static final int COLUMNS = 78;
  private static final int UPDATE_MILLIS = 200;
  private static final int PER_CENT = 100;

  private final ProgressBar bar =
      new ProgressBarBuilder()
          .setTaskName("segment")
          .setInitialMax(PER_CENT)
          .setStyle(ProgressBarStyle.ASCII)
          .setUpdateIntervalMillis(UPDATE_MILLIS)
          .setConsumer(new ConsoleProgressBarConsumer(System.err, COLUMNS))
          .build();

  /** Returns whether the launcher found a terminal behind the standard error stream. */
  static boolean isTerminal() {
    return Boolean.getBoolean("lss.terminal");
  }

  @Override
  public void progress(String stage, int done, int total) {
    bar.setExtraMessage(String.format(Locale.ROOT, "%s %s/%s", stage, done, total));
  }

  @Override
  public void overall(double fraction) {
    bar.stepTo(Math.round(fraction * PER_CENT));
  }

  @Override
  public void close() {
    bar.close();
  }
}
