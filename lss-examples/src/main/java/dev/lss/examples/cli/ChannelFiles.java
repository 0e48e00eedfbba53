package dev.lss.examples.cli;

import dev.lss.api.SeriesRole;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Which file fills which channel of a model. */
final class ChannelFiles {

  private ChannelFiles() {}

  /**
   * Returns the file of each channel, in the model's order: files with a channel's name in front
   * fill that one, the others the rest in order.
   *
   * @throws ParameterException when a channel is left over, or a file, or a name is not known
   */
  static Map<SeriesRole, Path> assign(
      List<InputFile> inputs, List<SeriesRole> channels, CommandLine line) {
    Map<SeriesRole, Path> named = new LinkedHashMap<>();
    List<Path> bare = new ArrayList<>();
    for (InputFile input : inputs) {
      if (input.role().isEmpty()) {
        bare.add(input.path());
        continue;
      }
      SeriesRole role = new SeriesRole(input.role().get());
      if (!channels.contains(role) || named.put(role, input.path()) != null) {
        throw new ParameterException(
            line,
            "the model takes the channels %s, each once; was given %s"
                .formatted(channels, input.role().get()));
      }
    }
    if (inputs.size() != channels.size()) {
      throw new ParameterException(
          line,
          "the model takes %d images, %s, was given %d"
              .formatted(channels.size(), channels, inputs.size()));
    }
    Map<SeriesRole, Path> files = new LinkedHashMap<>();
    int next = 0;
    for (SeriesRole channel : channels) {
      Path file = named.get(channel);
      files.put(channel, file == null ? bare.get(next++) : file);
    }
    return files;
  }
}
