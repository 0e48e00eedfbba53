package dev.lss.core.service;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/** A class path that lists just these providers of one service; broken names are allowed. */
public final class ServiceFiles extends ClassLoader {

  private final String file;
  private final String text;

  /** Lists classes. */
  public ServiceFiles(Class<?> service, Class<?>... providers) {
    this(service, Arrays.stream(providers).map(Class::getName).toList());
  }

  /** Lists lines of the service file as they are. */
  public ServiceFiles(Class<?> service, List<String> lines) {
    super(ServiceFiles.class.getClassLoader());
    file = "META-INF/services/" + service.getName();
    text = String.join("\n", lines);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    if (!name.equals(file)) {
      return super.getResources(name);
    }
    return text.isEmpty()
        ? Collections.emptyEnumeration()
        : Collections.enumeration(
            List.of(
                new URL(
                    null,
                    "memory:" + name,
                    new URLStreamHandler() {
                      @Override
                      protected URLConnection openConnection(URL url) {
                        return new URLConnection(url) {
                          @Override
                          public void connect() {}

                          @Override
                          public InputStream getInputStream() {
                            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
                          }
                        };
                      }
                    })));
  }
}
