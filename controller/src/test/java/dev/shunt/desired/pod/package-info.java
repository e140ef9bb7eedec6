@NullMarked
package dev.shunt.desired.pod;

import org.jspecify.annotations.NullMarked;
