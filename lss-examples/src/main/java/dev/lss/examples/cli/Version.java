package dev.lss.examples.cli;

import picocli.CommandLine.IVersionProvider;

/** What {@code lss --version} prints: the version of LSS and the Java that runs it. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version = Lss.class.getPackage().getImplementationVersion();
    return new String[] {
      "lss " + (version == null ? "(not packaged)" : version),
      "Java " + Runtime.version() + ", " + System.getProperty("os.name")
    };
  }
}
