package dev.lss.core.service;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The providers of one service that a class loader sees. Immutable.
 *
 * @param <S> the service
 * @param providers those that could be made, in the order in which they were found
 * @param broken one sentence for each that could not
 */
public record Services<S>(List<S> providers, List<String> broken) {

  /** A damaged service file may fail again and again; after so many failures the search ends. */
  private static final int MAX_FAILURES = 100;

  /** Copies the lists. */
  public Services {
    providers = List.copyOf(providers);
    broken = List.copyOf(broken);
  }

  /**
   * Looks for providers.
   *
   * @param service the service; this module must say {@code uses} for it
   * @param loader where to look; plug-in hosts pass their plug-in's loader
   */
  public static <S> Services<S> load(Class<S> service, ClassLoader loader) {
    List<S> providers = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    Iterator<S> found = ServiceLoader.load(service, loader).iterator();
    boolean more = true;
    while (more && broken.size() < MAX_FAILURES) {
      try {
        more = found.hasNext();
        if (more) {
          providers.add(found.next());
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        Throwable cause = e.getCause();
        broken.add(e.getMessage() + (cause == null ? "" : ": " + cause));
      }
    }
    return new Services<>(providers, broken);
  }
}
