// SPDX-License-Identifier: Apache-2.0
// Which of the planted bugs is there; 0: none. It stays what it is.
package hsx_planted;
  import "DPI-C" function byte unsigned hsx_planted_number();
  byte unsigned number = hsx_planted_number();
endpackage
