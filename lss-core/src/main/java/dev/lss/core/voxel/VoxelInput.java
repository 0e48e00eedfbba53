package dev.lss.core.voxel;

import dev.lss.api.ResourceException;
import dev.lss.api.SourceRef;
import dev.lss.core.io.FileKind;
import dev.lss.core.io.GunzipStream;
import dev.lss.core.io.ReadAhead;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * The bytes of an image file from front to back, inflated where they are packed. Every byte on the
 * disk passes through the SHA-256. Not thread-safe.
 */
public final class VoxelInput implements Closeable {

  /** Most bytes of a file. */
  public static final long LARGEST_FILE = 4L << 30;

  /** Deflate cannot shrink anything further than this. */
  private static final long LARGEST_DEFLATE_RATIO = 1032;

  /**
   * The inflated size over the size on the disk above which an image is refused. Only one value
   * repeated comes near deflate's limit of 1032; label maps may, and are exempt.
   */
  private static final long LARGEST_IMAGE_RATIO = 1000;

  private static final long RATIO_COUNTS_FROM_BYTES = 16L << 20;

  /** Inflated bytes behind the voxels that are tolerated; some writers pad. */
  private static final long LARGEST_PACKED_TAIL = 64 << 10;

  /** Stored bytes behind the voxels that are tolerated. */
  private static final long LARGEST_PLAIN_TAIL = 64 << 20;

  private static final long AHEAD_FROM_BYTES = 1 << 20;

  private static final int LONGEST_LINE = 64 << 10;

  private final String file;
  private final long fileBytes;
  private final MessageDigest digest;
  private final DigestInputStream raw;
  private final byte[] head;
  private InputStream in;
  private boolean packed;
  private long position;

  private VoxelInput(String file, long fileBytes, InputStream stream, MessageDigest digest)
      throws IOException {
    this.file = file;
    this.fileBytes = fileBytes;
    this.digest = digest;
    this.raw = new DigestInputStream(stream, digest);
    BufferedInputStream first = new BufferedInputStream(raw, 1 << 16);
    first.mark(1 << 16);
    head = first.readNBytes(1 << 15);
    first.reset();
    in = first;
  }

  /**
   * Opens a file; nothing is inflated yet.
   *
   * @throws dev.lss.api.InvalidStudyException {@code NOT_A_FILE} for a folder or a device
   * @throws ResourceException {@code TOO_LARGE} above 4 GiB
   * @throws IOException when the file is missing or may not be read; names no folder
   */
  public static VoxelInput open(Path path) throws IOException {
    try {
      return open(path, MessageDigest.getInstance("SHA-256"));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Opens the file that holds the voxels of a header; its bytes go into the same hash. */
  public VoxelInput openBeside(Path path) throws IOException {
    raw.transferTo(OutputStream.nullOutputStream());
    return open(path, digest);
  }

  private static VoxelInput open(Path path, MessageDigest digest) throws IOException {
    String name = VoxelFault.nameOf(path);
    try {
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw VoxelFault.of("NOT_A_FILE", name, "a folder or a device, not a file");
      }
      InputStream stream = Files.newInputStream(path);
      try {
        long bytes = Files.size(path);
        if (bytes > LARGEST_FILE) {
          throw new ResourceException(
              "TOO_LARGE", name + ": a file may have 4 GiB, has " + bytes + " bytes");
        }
        return new VoxelInput(name, bytes, stream, digest);
      } catch (IOException | RuntimeException e) {
        stream.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(name); // without the folder, which may name a patient
    } catch (AccessDeniedException e) {
      throw new AccessDeniedException(name);
    } catch (FileSystemException e) {
      throw new FileSystemException(name, null, e.getReason());
    }
  }

  /** Returns the name for messages. */
  public String file() {
    return file;
  }

  /** Returns what the file is by its first bytes. */
  public FileKind kind() {
    return FileKind.of(head);
  }

  /** Returns whether the whole file is packed with gzip. */
  public boolean startsAsGzip() {
    return FileKind.isGzip(head);
  }

  /** Returns whether the bytes that are read now are inflated. */
  public boolean isPacked() {
    return packed;
  }

  /** Returns how many bytes there can be at most from the start of what is read now. */
  public long largestLength() {
    return packed ? Math.multiplyExact(LARGEST_DEFLATE_RATIO, fileBytes) : fileBytes;
  }

  /** Inflates the whole file when it begins with gzip's magic, whatever its name. */
  public void gunzipIfPacked() throws IOException {
    if (startsAsGzip()) {
      gunzip();
    }
  }

  /**
   * Inflates what follows as gzip; positions count from here. Of a large file that goes on in a
   * thread of its own, a little ahead of who reads.
   */
  public void gunzip() throws IOException {
    try {
      in = new GunzipStream(in);
      if (fileBytes > AHEAD_FROM_BYTES) {
        in = new ReadAhead(in);
      }
    } catch (EOFException | ZipException e) {
      throw corrupt(e);
    }
    packed = true;
    position = 0;
  }

  /** Inflates what follows as zlib; positions count from here. */
  public void inflate() {
    in = new InflaterInputStream(in);
    packed = true;
    position = 0;
  }

  /** Refuses an image whose declared bytes would be inflated from suspiciously few. */
  public void refuseEmptyOrTrap(long declaredBytes) {
    if (packed
        && declaredBytes > RATIO_COUNTS_FROM_BYTES
        && declaredBytes / LARGEST_IMAGE_RATIO > fileBytes) {
      throw VoxelFault.of(
          "INFLATE_LIMIT",
          file,
          "%s bytes would inflate to %s, more than %s to 1: an empty image or a trap"
              .formatted(fileBytes, declaredBytes, LARGEST_IMAGE_RATIO));
    }
  }

  /** Refuses a file that cannot hold as many bytes as its header declares. */
  public void requireLength(long declaredBytes, long from) {
    if (declaredBytes > largestLength() - from) {
      throw VoxelFault.of(
          "TRUNCATED",
          file,
          "%s bytes of voxels from byte %s on are declared, the file has at most %s bytes"
              .formatted(declaredBytes, from, largestLength()));
    }
  }

  /** Reads up to {@code count} bytes, fewer only at the end. */
  public int read(byte[] into, int at, int count) throws IOException {
    try {
      int n = in.readNBytes(into, at, count);
      position += n;
      return n;
    } catch (EOFException | ZipException e) {
      throw corrupt(e);
    }
  }

  /** Reads exactly {@code count} bytes, which the message calls {@code what}. */
  public void readFully(byte[] into, int at, int count, String what) throws IOException {
    if (read(into, at, count) < count) {
      throw VoxelFault.of(
          "TRUNCATED", file, "the file ends at byte " + position + ", inside the " + what);
    }
  }

  /**
   * Reads a line without its end, which is LF or CR LF.
   *
   * @throws dev.lss.api.InvalidStudyException {@code BAD_HEADER} when it is longer than 65536
   *     bytes, {@code TRUNCATED} at the end of the file
   */
  public String readLine() throws IOException {
    byte[] line = new byte[256];
    int length = 0;
    for (int value = in.read(); value != '\n'; value = in.read()) {
      if (value < 0) {
        throw VoxelFault.of("TRUNCATED", file, "the file ends inside its header");
      }
      if (length == LONGEST_LINE) {
        throw VoxelFault.of("BAD_HEADER", file, "a line of the header has more than 65536 bytes");
      }
      if (length == line.length) {
        line = Arrays.copyOf(line, 4 * length);
      }
      line[length++] = (byte) value;
    }
    position += length + 1L;
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    return new String(line, 0, length, StandardCharsets.UTF_8);
  }

  /** Returns the position: bytes read since the start, or since inflating began. */
  public long position() {
    return position;
  }

  /** Returns the size of the file on the disk. */
  public long fileBytes() {
    return fileBytes;
  }

  /** Passes over bytes up to a position. */
  public void skipTo(long target, String what) throws IOException {
    byte[] scratch = new byte[1 << 13];
    while (position < target) {
      readFully(scratch, 0, (int) Math.min(scratch.length, target - position), what);
    }
  }

  /**
   * Reads to the end, which checks the last checksum of what is packed, and returns the file's
   * hash.
   *
   * @throws dev.lss.api.InvalidStudyException {@code INFLATE_LIMIT} or {@code TRAILING_BYTES} when
   *     the file goes on for long
   */
  public SourceRef finish() throws IOException {
    byte[] scratch = new byte[1 << 13];
    long tail = 0;
    for (int n = read(scratch, 0, scratch.length); n > 0; n = read(scratch, 0, scratch.length)) {
      tail += n;
      if (packed && tail > LARGEST_PACKED_TAIL) {
        throw VoxelFault.of(
            "INFLATE_LIMIT", file, "the packed stream goes on behind the voxels that are declared");
      }
      if (tail > LARGEST_PLAIN_TAIL) {
        throw VoxelFault.of(
            "TRAILING_BYTES",
            file,
            "%s bytes are declared, the file has %s".formatted(position - tail, fileBytes));
      }
    }
    raw.transferTo(OutputStream.nullOutputStream());
    return new SourceRef(HexFormat.of().formatHex(digest.digest()));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private RuntimeException corrupt(IOException e) {
    return e instanceof EOFException
        ? VoxelFault.of(
            "TRUNCATED", file, "the packed stream ends early, at inflated byte " + position, e)
        : VoxelFault.of(
            "CORRUPT_GZIP",
            file,
            "damaged packed stream near inflated byte " + position + ": " + e.getMessage(),
            e);
  }
}
