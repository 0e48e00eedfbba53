import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/**
 * A host that knows nothing of LSS and loads an application with a class loader of its own, while the
 * thread's context class loader sees neither; started as {@code java PluginHost.java JARS MAIN_CLASS}.
 */
public final class PluginHost {

  private PluginHost() {}

  /** Runs the main class of a plug-in. */
  public static void main(String[] args) throws Exception {
    List<URL> jars = new ArrayList<>();
    for (String jar : args[0].split(File.pathSeparator)) {
      jars.add(new File(jar).toURI().toURL());
    }
    Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
    URLClassLoader plugin =
        new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    plugin
        .loadClass(args[1])
        .getMethod("main", String[].class)
        .invoke(null, (Object) new String[0]);
  }
}
