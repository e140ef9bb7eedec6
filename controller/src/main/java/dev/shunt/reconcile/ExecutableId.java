package dev.shunt.reconcile;

/**
 * The file that an executable path means now.
 *
 * @param inode number
 * @param device kernel dev_t (major &lt;&lt; 20 | minor), unsigned
 */
public record ExecutableId(long inode, int device) {}
