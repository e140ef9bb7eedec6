package dev.shunt.datapath.libbpf;

/**
 * A file as the kernel's inode names it.
 *
 * <p>On overlay file systems the inode that a program sees through {@code mm->exe_file} may carry
 * another device than stat(2) tells.
 *
 * @param device {@code i_sb->s_dev}: major number from bit 20, minor number below (include/linux/
 *     kdev_t.h)
 * @param inode {@code i_ino}
 */
public record FileIdentity(long device, long inode) {
  /** From {@code st_dev} of stat(2), which packs the numbers otherwise (new_encode_dev). */
  static FileIdentity ofStat(long stDev, long inode) {
    long major = (stDev >>> 8) & 0xfff;
    long minor = (stDev & 0xff) | ((stDev >>> 12) & 0xfff00);
    return new FileIdentity((major << 20) | minor, inode);
  }
}
