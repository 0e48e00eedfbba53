package dev.lss.core.nifti;

import dev.lss.api.ResourceException;
import dev.lss.api.SourceRef;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The bytes of a NIfTI file from front to back, inflated when the file begins with gzip's magic,
 * whatever its name. Every byte on the disk passes through the SHA-256. Not thread-safe.
 */
final class NiftiInput implements Closeable {

  static final long LARGEST_FILE = 4L << 30;

  /** Deflate cannot shrink anything further than this. */
  private static final long LARGEST_DEFLATE_RATIO = 1032;

  /** Inflated bytes behind the voxels that are tolerated; some writers pad. */
  private static final long LARGEST_GZIP_TAIL = 64 << 10;

  private final String file;
  private final long fileBytes;
  private final boolean gzip;
  private final DigestInputStream raw;
  private final InputStream in;
  private long position;

  private NiftiInput(String file, long fileBytes, DigestInputStream raw, BufferedInputStream first)
      throws IOException {
    this.file = file;
    this.fileBytes = fileBytes;
    this.raw = raw;
    first.mark(2);
    gzip = first.read() == 0x1f && first.read() == 0x8b;
    first.reset();
    in = gzip ? inflate(first) : first;
  }

  /**
   * Opens a file.
   *
   * @throws IOException when the file is missing or may not be read; names no folder
   */
  static NiftiInput open(Path path) throws IOException {
    String name = NiftiFault.nameOf(path);
    try {
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw NiftiFault.of("NOT_NIFTI", name, "a folder or a device, not a file");
      }
      InputStream stream = Files.newInputStream(path);
      try {
        long bytes = Files.size(path);
        if (bytes > LARGEST_FILE) {
          throw new ResourceException(
              "TOO_LARGE", name + ": a file may have 4 GiB, has " + bytes + " bytes");
        }
        var raw = new DigestInputStream(stream, MessageDigest.getInstance("SHA-256"));
        return new NiftiInput(name, bytes, raw, new BufferedInputStream(raw, 1 << 16));
      } catch (IOException | RuntimeException | NoSuchAlgorithmException e) {
        stream.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(name); // without the folder, which may name a patient
    } catch (AccessDeniedException e) {
      throw new AccessDeniedException(name);
    } catch (FileSystemException e) {
      throw new FileSystemException(name, null, e.getReason());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  String file() {
    return file;
  }

  boolean isGzip() {
    return gzip;
  }

  /** Returns the size on the disk. */
  long fileBytes() {
    return fileBytes;
  }

  /** Returns how many bytes there can be at most once inflated. */
  long largestLength() {
    return gzip ? Math.multiplyExact(LARGEST_DEFLATE_RATIO, fileBytes) : fileBytes;
  }

  /** Reads up to {@code count} bytes, fewer only at the end. */
  int read(byte[] into, int at, int count) throws IOException {
    try {
      int n = in.readNBytes(into, at, count);
      position += n;
      return n;
    } catch (EOFException | ZipException e) {
      throw corrupt(e);
    }
  }

  /** Reads exactly {@code count} bytes, which the message calls {@code what}. */
  void readFully(byte[] into, int at, int count, String what) throws IOException {
    if (read(into, at, count) < count) {
      throw NiftiFault.of(
          "TRUNCATED", file, "the file ends at byte " + position + ", inside the " + what);
    }
  }

  /** Passes over bytes up to a position. */
  void skipTo(long target, String what) throws IOException {
    byte[] scratch = new byte[1 << 13];
    while (position < target) {
      readFully(scratch, 0, (int) Math.min(scratch.length, target - position), what);
    }
  }

  /** Reads to the end, which checks gzip's last checksum, and returns the file's hash. */
  SourceRef finish() throws IOException {
    byte[] scratch = new byte[1 << 13];
    long tail = 0;
    for (int n = read(scratch, 0, scratch.length); n > 0; n = read(scratch, 0, scratch.length)) {
      tail += n;
      if (gzip && tail > LARGEST_GZIP_TAIL) {
        throw NiftiFault.of(
            "INFLATE_LIMIT", file, "the gzip stream goes on behind the voxels that are declared");
      }
    }
    raw.transferTo(OutputStream.nullOutputStream());
    return new SourceRef(HexFormat.of().formatHex(raw.getMessageDigest().digest()));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private InputStream inflate(InputStream compressed) throws IOException {
    try {
      return new GZIPInputStream(compressed, 1 << 16);
    } catch (EOFException | ZipException e) {
      throw corrupt(e);
    }
  }

  private RuntimeException corrupt(IOException e) {
    return e instanceof EOFException
        ? NiftiFault.of(
            "TRUNCATED", file, "the gzip stream ends early, at inflated byte " + position, e)
        : NiftiFault.of(
            "CORRUPT_GZIP",
            file,
            "damaged gzip stream near inflated byte " + position + ": " + e.getMessage(),
            e);
  }
}
