-- 0003 down: count no more by squares; what was counted is in the books.
DROP FUNCTION mark_squares CASCADE;
DROP FUNCTION keep_count, count_squares, counting, said_of;
DROP TABLE map_tile, map_square;
DROP FUNCTION along_curve, spread;
