-- 0013 down: no image is known any more.
DROP TABLE image;
