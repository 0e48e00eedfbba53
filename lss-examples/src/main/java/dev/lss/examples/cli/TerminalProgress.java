package dev.lss.examples.cli;

import dev.lss.api.ProgressListener;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows one bar for each stage on the standard error stream. Not thread-safe; heard from one
 * thread.
 */
final class TerminalProgress implements ProgressListener, AutoCloseable {

  private static final int COLUMNS = 78;
  private static final int UPDATE_MILLIS = 200;

  private @Nullable ProgressBar bar;
  private String stage = "";

  /** Returns whether the launcher found a terminal behind the standard error stream. */
  static boolean isTerminal() {
    return Boolean.getBoolean("lss.terminal");
  }

  @Override
  public void progress(String stage, int done, int total) {
    if (bar == null || !stage.equals(this.stage)) {
      close();
      this.stage = stage;
      bar = start(stage, total);
    }
    bar.maxHint(total).stepTo(done);
  }

  private ProgressBar start(String stage, int total) {
    return new ProgressBarBuilder()
        .setTaskName("%-10s".formatted(stage))
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(UPDATE_MILLIS)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, COLUMNS))
        .build();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
