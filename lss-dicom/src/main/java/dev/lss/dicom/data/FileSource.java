package dev.lss.dicom.data;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file. Nothing of it stays open between two uses.
 *
 * @param path the file
 */
public record FileSource(Path path) implements ByteSource {

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public Opened open() throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new Channel(channel, channel.size());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private record Channel(FileChannel channel, long length) implements Opened {

    @Override
    public void read(long from, byte[] into, int at, int count) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(into, at, count);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, from + buffer.position() - at) < 0) {
          throw new EOFException("it became shorter while it was read");
        }
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
