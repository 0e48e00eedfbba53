package dev.lss.dicom.seg;

/** The check digit at the end of every identifier of SNOMED CT (Verhoeff 1969). No state. */
final class Verhoeff {

  private static final int[] PERMUTATION = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};

  private Verhoeff() {}

  /** Returns whether a text is digits of which the last one checks the others. */
  static boolean isValid(String digits) {
    if (!digits.matches("[0-9]{6,18}")) {
      return false;
    }
    int sum = 0;
    for (int n = 0; n < digits.length(); n++) {
      int digit = digits.charAt(digits.length() - 1 - n) - '0';
      for (int times = 0; times < n % 8; times++) {
        digit = PERMUTATION[digit];
      }
      sum = product(sum, digit);
    }
    return sum == 0;
  }

  /** The product in the dihedral group of the pentagon: 0 to 4 turn it, 5 to 9 turn it over. */
  private static int product(int a, int b) {
    int turned = a < 5 ? (a + b) % 5 : (a - b + 10) % 5;
    return (a < 5) == (b < 5) ? turned : turned + 5;
  }
}
